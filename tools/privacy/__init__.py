"""A customer's own rights: everything held about them handed out, or erased with a certificate."""
