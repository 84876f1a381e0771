"""Le récit de la gouvernance : les séances se rejouent avec les passages qu'elles décident. Tout y est inventé."""

from gouvernance.demonstration import recit, suites
from programme.demonstration.apports import inscrire, inscrire_au_recit

inscrire_au_recit("gouvernance", recit.noter)
inscrire("gouvernance", suites.creer)
