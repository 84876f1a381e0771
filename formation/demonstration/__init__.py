"""Le récit de la formation et des droits d'accès, mêlé à celui des grappes. Tout y est inventé."""

from formation.demonstration import recit
from programme.demonstration.apports import inscrire, inscrire_au_recit, inscrire_avant

inscrire_au_recit("formation", recit.noter)
inscrire_avant("formation", "programme.ouverture", "ouvrir", recit.avant_d_ouvrir)
inscrire("formation", recit.creer)
