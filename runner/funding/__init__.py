"""Try the rules of funding arbitrage on recorded histories, and tell what came of them."""
