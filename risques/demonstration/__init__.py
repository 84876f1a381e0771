"""Le récit des questionnaires et des risques, joué après celui du programme. Tout y est inventé."""

from programme.demonstration.apports import inscrire
from risques.demonstration.recit import creer

inscrire("risques", creer)
