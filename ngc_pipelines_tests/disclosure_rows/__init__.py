"""Individual rows and clean results, generated, and how many of them the checker tells apart."""
