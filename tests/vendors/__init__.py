"""Random shops, written as the exports of vendors write them: by what those exports hold, not by how they are read.

`shop` draws the shop and knows the truth; every other module writes files of one kind of vendor.
"""
