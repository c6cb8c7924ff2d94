"""What a season is played with: a real city's places, persons and papers that are drawn."""
