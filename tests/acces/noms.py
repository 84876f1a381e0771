"""Des noms qu'on retrouve : chaque personne et chaque compte du monde portent un mot qui n'est nulle part ailleurs."""

from formation.models import CompteDui, Inscription, Professionnel
from tests.acces.lignes import NomDeCote
from tests.acces.monde import Cote, Monde
from tests.formation.fabriques import CompteDuiFactory, PosteFactory, former, il_y_a

TRACES = ("zz-nom", "zz-mat", "zz-mel", "zz-cpt", "zz-mot")
"""Avec un tiret : un jeton de formulaire, tiré au hasard, n'en a jamais."""
GERENT = frozenset({"directeur", "referent", "siege"})
"""Les seuls qui lisent des noms, et du seul côté qu'ils gèrent."""


def lit_des_noms(role: str, cote: NomDeCote) -> bool:
    """Vrai s'il gère l'ESMS de ce côté."""
    return cote == "dedans" and role in GERENT


def peupler(monde: Monde) -> None:
    """De chaque côté, huit personnes de plus, dont un arrivant et une sortie ; certaines formées, toutes inscrites."""
    for cote in (monde.dedans, monde.dehors):
        _une_equipe(cote)
    for personne in Professionnel.objects.all():
        personne.nom = f"Zz-nom{personne.pk} Zz-nom"
        personne.matricule, personne.courriel = f"ZZ-MAT{personne.pk}", f"zz-mel{personne.pk}@essai.example"
        personne.save()
    for compte in CompteDui.objects.all():
        compte.identifiant = f"zz-cpt{compte.pk}"
        compte.save()


def _une_equipe(cote: Cote) -> None:
    for rang in range(8):
        poste = PosteFactory(
            parcours=cote.parcours,
            metier=cote.poste.metier,
            debut=il_y_a(5 if rang == 6 else 400),
            fin=il_y_a(3) if rang == 7 else None,
        )
        CompteDuiFactory(parcours=cote.parcours, professionnel=poste.professionnel, profil_signale="ZZ-MOT")
        if rang < 3:
            former(poste, cote.moduleformation)
        for session in (cote.sessionformation, cote.session_de_grappe):
            Inscription.objects.create(
                session=session, poste=poste, professionnel=poste.professionnel, inscrite_par=cote.travail.par
            )


def traces_dans(texte: str) -> list[str]:
    """Ce qui nomme, dans ce texte, et ce qui l'entoure."""
    bas = texte.lower()
    return [f"{trace} : {bas[max(bas.find(trace) - 60, 0) :][:100]}" for trace in TRACES if trace in bas]
