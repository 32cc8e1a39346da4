"""The outside world: files, sources (shops, ads, mail tools, mentions) and channels (email, SMS).

A connector reads or delivers and returns plain frames or receipts; it knows no table of ours.
"""
