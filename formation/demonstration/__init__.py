"""Le récit de la formation et des droits d'accès. Tout y est inventé."""
