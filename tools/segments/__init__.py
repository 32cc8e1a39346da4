"""Groups of customers: saved, found, described, compared, mapped, exported; how they change."""
