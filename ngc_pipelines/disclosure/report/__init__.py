"""How findings are shown: JSON per the contract, text for a terminal, HTML to look at."""
