"""La table d'accès des preuves d'usage : qui lit le financement ; le financeur, une fois signée."""

from tests.acces.lignes import CONDUIT, Ligne, _passage, qui

PREPARE = qui("chef_projet membre admin", "admin etranger")

LIGNES: dict[str, Ligne] = {
    "usages:preuveusage-detail": Ligne(lambda c: {"pk": c.preuveusage.pk}, PREPARE),
    "programme:passage signer preuveusage": Ligne(_passage("preuveusage", "signer"), PREPARE, CONDUIT, ecrit=True),
}
