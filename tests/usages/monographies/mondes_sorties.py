"""Une monographie pleine : chaque source de donnée y est, et ce qui ne doit jamais sortir aussi."""

import io
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from programme.enums import EtatParcours, IssueVerification, Role, TypeVerification
from programme.models import Etape, Parcours, Utilisateur, Verification
from programme.socle.pieces import deposer
from risques.models import Campagne
from tests.fabriques import ConventionFactory, ParcoursFactory, UtilisateurFactory, affecter, directrice_de
from tests.risques.fabriques import GrilleFactory, campagne_ouverte
from tests.usages.fabriques import IndicateurFactory, ReleveFactory, chiffrer, transmettre
from tests.usages.monographies.fabriques import (
    ConstatFactory,
    EtudeFactory,
    MonographieFactory,
    TempsDeVisiteFactory,
    VerbatimDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from usages.calculs.entonnoir import Entonnoir, derouler
from usages.demonstration.entonnoir_publie import etapes, grappes
from usages.enums import (
    CodeFait,
    CodeSection,
    Consentement,
    DroitPhoto,
    ForceEffet,
    FormeDeTemps,
    GenreEtape,
    NatureConstat,
    PreuveEffet,
    RoleEtude,
    SensEffet,
    ThemeEffet,
)
from usages.models import (
    Codage,
    DocumentConsulte,
    EtapeEtude,
    FaitMonographie,
    Monographie,
    PhotoDeVisite,
    Rencontre,
    Sigle,
    Verbatim,
)

ACCORDE = "On sait le matin ce qui s'est passé la nuit, et on le sait tous."
TU = "Je n'ose rien écrire, de peur que ma cheffe le lise un jour."
PHRASE_TUE = "de peur que ma cheffe le lise"
BALISAGE = '#import "@preview/x:1.0.0" et $x^2$, <b>gras</b> & {{ titre }} {% if %} \\ _non_ #pagebreak()'


@dataclass
class Monde:
    """La monographie, et qui la lit."""

    monographie: Monographie
    parcours: Parcours
    pilote: Utilisateur
    directrice: Utilisateur
    passant: Utilisateur
    accorde: Verbatim
    tu: Verbatim
    photo: PhotoDeVisite

    def ecrire(self, code: str, texte: str) -> None:
        """Récrit une section."""
        section = self.monographie.sections.get(code=code)
        section.texte = texte
        section.save()

    def publier(self) -> Any:
        """Mène la monographie jusqu'à une édition, et la rend. Tous y étaient d'accord, un s'en dédit aussitôt."""
        passer(self.monographie, self.pilote, "envoyer_en_relecture")
        passer(self.monographie, self.directrice, "valider")
        interdits = Verbatim.objects.filter(visite=self.monographie.visite).exclude(pk__in=Verbatim.objects.citables())
        avant = list(interdits)
        for verbatim in avant:
            accorde = {"consentement": Consentement.DONNE, "consentement_le": date(2026, 6, 3)}
            Verbatim.objects.filter(pk=verbatim.pk).update(**accorde)
        passer(self.monographie, self.pilote, "publier")
        Verbatim.objects.bulk_update(avant, ["consentement", "consentement_le"])
        return self.monographie.editions.first()


def image(couleur: str = "seagreen") -> ContentFile:
    """Une petite photo."""
    sortie = io.BytesIO()
    Image.new("RGB", (640, 400), couleur).save(sortie, "JPEG")
    return ContentFile(sortie.getvalue(), "salle.jpg")


def photo_de(visite: Any, section: str, droit: str = DroitPhoto.ACCORDE, **champs: Any) -> PhotoDeVisite:
    """Une photo et son image."""
    champs = {"legende": "La salle des transmissions", "description": "Une salle claire, un poste au mur."} | champs
    photo = PhotoDeVisite.objects.create(
        visite=visite,
        droit=droit,
        droit_le=date(2026, 6, 3),
        section=section,
        ajoutee_par=visite.proposee_par,
        **champs,
    )
    couleur = f"#{photo.pk % 200 + 40:02x}7050"
    deposer(photo, image(couleur), par=visite.proposee_par)
    return photo


def coder(visite: Any, codeurs: list[Utilisateur]) -> None:
    """Des effets codés à deux, un levier, un frein."""
    themes = [ThemeEffet.ORGANISATION, ThemeEffet.ORGANISATION, ThemeEffet.QVCT, ThemeEffet.PILOTAGE]
    for n, theme in enumerate(themes):
        constat = ConstatFactory(visite=visite, theme_propose=theme)
        for rang, codeur in enumerate(codeurs):
            sens = SensEffet.NEGATIF if n == 3 and rang else list(SensEffet)[n % 3]
            Codage.objects.create(
                constat=constat, codeur=codeur, theme=theme, sens=sens, force=list(ForceEffet)[2 - rang],
                preuve=PreuveEffet.CROISEE,
            )  # fmt: skip
    ConstatFactory(visite=visite, nature=NatureConstat.LEVIER, libelle="Un référent par unité, une heure par semaine")
    ConstatFactory(visite=visite, nature=NatureConstat.FREIN, libelle="Deux postes pour douze éducateurs")


def figer_l_entonnoir(etude: Any, par: Utilisateur) -> Entonnoir:
    """L'entonnoir publié, figé étape par étape."""
    entonnoir = derouler(grappes(), etapes())
    etude.base = [u.en_donnees() for u in entonnoir.base]
    etude.save()
    for rang, resultat in enumerate(entonnoir.resultats):
        EtapeEtude.objects.create(
            etude=etude, rang=rang, code=resultat.code, titre=resultat.titre, genre=GenreEtape.FILTRE,
            resultat=resultat.en_donnees(), figee_le="2026-05-02T10:00:00Z", figee_par=par,
        )  # fmt: skip
    return entonnoir


def relever(parcours: Parcours, par: Utilisateur) -> None:
    """Un relevé avant l'ouverture, un après."""
    Etape.objects.create(parcours=parcours, etat=EtatParcours.OUVERTURE, reelle=date(2026, 3, 10))
    indicateur = IndicateurFactory(libelle="Projets personnalisés à jour", code="projets-personnalises")
    for mois, compte in ((1, 12), (5, 31)):
        releve = ReleveFactory(parcours=parcours, debut=date(2026, mois, 1))
        chiffrer(releve, indicateur, (compte, 40))
        transmettre(releve, par=par)


def repondre(parcours: Parcours) -> Campagne:
    """Une campagne des effets à laquelle l'ESMS a répondu en réunion."""
    campagne = campagne_ouverte(grappe=parcours.grappe, population=[parcours], nom="Effets à six mois")
    qui = affecter(Role.REFERENT, parcours.esms)
    grille = GrilleFactory(
        evaluation=campagne.evaluations.get(), evaluateur=qui, notes={"A1": 9, "A2": 2, "B1": 5, "B2": 7}
    )
    passer(grille, qui, "transmettre")
    return campagne


def monde(**champs: Any) -> Monde:
    """Une monographie pleine, en brouillon."""
    parcours = ParcoursFactory(**champs)
    pilote, autre = UtilisateurFactory(), UtilisateurFactory()
    etude = EtudeFactory(
        titre="Ce que change le DUI", methode="Deux jours par visite, à deux, sans donnée de personne."
    )
    equiper(etude, pilote)
    equiper(etude, autre, RoleEtude.AUTEUR)
    directrice = directrice_de(parcours)
    visite = VisiteFactory(etude=etude, parcours=parcours, proposee_par=pilote)
    TempsDeVisiteFactory(visite=visite, theme=ThemeEffet.ORGANISATION)
    TempsDeVisiteFactory(
        visite=visite, jour=date(2026, 6, 3), debut=time(14), fin=time(15, 30), forme=FormeDeTemps.OBSERVATION, avec=""
    )
    for qui, nombre in (("éducateurs", 5), ("direction", 2)):
        Rencontre.objects.create(visite=visite, qui=qui, nombre=nombre)
    parcours.grappe.annee_financement = 2021
    parcours.grappe.save()
    ConventionFactory(grappe=parcours.grappe, financeur="ARS Île-de-France")
    Verification.objects.create(
        grappe=parcours.grappe, type=TypeVerification.VSR, prononcee_le=date(2022, 12, 12),
        issue=IssueVerification.PRONONCEE,
    )  # fmt: skip
    figer_l_entonnoir(etude, pilote)
    relever(parcours, directrice)
    etude.campagnes.add(repondre(parcours))
    coder(visite, [pilote, autre])
    accorde = VerbatimDeVisiteFactory(visite=visite, texte=ACCORDE)
    tu = VerbatimDeVisiteFactory(visite=visite, texte=TU, consentement=Consentement.A_DEMANDER, consentement_le=None)
    monographie = MonographieFactory(visite=visite, titre="Une monographie d'essai", sous_titre="Deux jours sur place")
    rendu = Monde(
        monographie, parcours, pilote, directrice, UtilisateurFactory(), accorde, tu,
        photo_de(visite, CodeSection.ORGANISATION),
    )  # fmt: skip
    _ecrire(rendu)
    return rendu


def _ecrire(m: Monde) -> None:
    m.ecrire(
        CodeSection.ORGANISATION,
        f"## Les transmissions\n\nLes équipes lisent le **journal** chaque matin, au CVS aussi.\n\n"
        f"@verbatim {m.accorde.pk}\n\n@verbatim {m.tu.pk}\n\n"
        f"!!! Zoom sur la relève\n- dix minutes\n- un seul écran\n!!!\n\n"
        f"### Ce qui résiste\n\nLe cahier : « {TU.upper()} »\n\n{BALISAGE}",
    )
    m.ecrire(CodeSection.MOTIVATIONS, "L'ESMS voulait quitter le papier. Le XYZ l'a aidé, la PAQ moins.")
    m.ecrire(CodeSection.RESUME, "1. Premier point\n2. Second point")
    FaitMonographie.objects.create(monographie=m.monographie, code=CodeFait.ETP, valeur="62,4", source="direction")
    DocumentConsulte.objects.create(monographie=m.monographie, titre="Projet d'établissement 2024-2029")
    Sigle.objects.create(monographie=m.monographie, sigle="PAQ", sens="Plan d'amélioration de la qualité")
