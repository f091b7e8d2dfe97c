"""The typed schema of everything under conf/: ranges, units, and the rules between keys."""

from runner.settings.bybit import Bybit
from runner.settings.deploy import MAINNET, Job, Record, Settings, Tape
from runner.settings.digest import config_hash
from runner.settings.download import Download
from runner.settings.exchange import Exchange
from runner.settings.funding import Funding, FundingLeg, FundingPair, FundingRules
from runner.settings.gates import Gates
from runner.settings.hedge import Hedge
from runner.settings.lighter import Lighter
from runner.settings.market import Instrument, Market, Synthetic
from runner.settings.market_data import MarketData
from runner.settings.reference import Reference
from runner.settings.risk import Ramp, Risk
from runner.settings.running import Flatten
from runner.settings.solved import CarteaJaimungal, Glft, Solved
from runner.settings.strategy import Quoting, Recalibration, StrategySettings, Volatility
from runner.settings.venue import Sim, VenueSettings

__all__ = [
    "MAINNET",
    "Bybit",
    "CarteaJaimungal",
    "Download",
    "Exchange",
    "Flatten",
    "Funding",
    "FundingLeg",
    "FundingPair",
    "FundingRules",
    "Gates",
    "Glft",
    "Hedge",
    "Instrument",
    "Job",
    "Lighter",
    "Market",
    "MarketData",
    "Quoting",
    "Ramp",
    "Recalibration",
    "Record",
    "Reference",
    "Risk",
    "Settings",
    "Sim",
    "Solved",
    "StrategySettings",
    "Synthetic",
    "Tape",
    "VenueSettings",
    "Volatility",
    "config_hash",
]
