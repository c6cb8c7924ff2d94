"""Identity in Keycloak: a realm made from the product's own roles and claims, and who gets which.

The services know no Keycloak: they believe any provider whose tokens carry these claims.
"""
