"""How results look in a terminal and in Markdown. Nothing is computed here."""
