"""What texts mean: vectors of sentences, and a classifier over them."""
