"""What a week of training adds up to: weekly metrics, fitness, coverage and data quality."""
