"""A season of a city's programme, played through the services' public interfaces, then checked."""
