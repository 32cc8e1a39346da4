"""Channel accounts: whom an organisation's messages come from and who carries them; set, checked, tried by a person.

Not part of the catalogue: an account is a person's to change, on the settings page or at the shell.
"""
