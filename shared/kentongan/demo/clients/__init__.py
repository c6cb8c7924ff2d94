"""How the season speaks to the services: a patient client with a token, and how it waits."""
