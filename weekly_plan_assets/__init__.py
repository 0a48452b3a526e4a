"""Weekly plan assets: from an endurance athlete's training week to next week's plan.

This package module stays empty of code, so that importing any part imports nothing else.
"""
