"""Where the advertising budget is best spent, by the marketing mix model; what is recommended, a person decides."""
