"""The files that athletes have: FIT, GPX, TCX, the Strava export, wellness as CSV.

What a file says is read here and turned into activities and wellness. Which of them make up a
folder's data is the business of `export_folder`.
"""
