"""Le récit des usages, mêlé à celui des grappes. Tout y est inventé."""

from programme.demonstration.apports import inscrire, inscrire_au_recit
from usages.demonstration import present, recit

inscrire_au_recit("usages", recit.noter)
inscrire("usages", present.creer)
