"""Deliveries, whoever asks for them: who receives, notices, replays, figures."""
