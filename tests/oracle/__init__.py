"""The simulator against hftbacktest: same rule, same tape, same models, equal at every step."""
