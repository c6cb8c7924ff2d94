"""What the role `courier` alone does: plans deliveries, sends them, records whom they reached."""
