"""Where the next unit of money is best spent, by the curves of the marketing mix."""
