"""How results look in a terminal and in Markdown. Nothing is found out here."""
