"""The outside world: files, sources (shops, ads, mail tools, mentions) and channels (e-mail, SMS).

A connector reads or delivers and returns plain frames or receipts; it knows no table of ours.
"""
