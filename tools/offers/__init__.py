"""What campaigns offer, and the voucher codes that customers get."""
