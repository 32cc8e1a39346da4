"""What advertising brings and where the budget does most, on two pages to hand out."""
