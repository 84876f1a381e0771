"""Les études de la démonstration : le cas publié, rejoué ; et l'étude d'une grappe, où la directrice est attendue."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from django.utils import timezone

from programme.demonstration import fondation
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import franchir
from programme.models import Parcours, Utilisateur
from programme.socle.versions import signer
from usages.demonstration import ime_publie
from usages.demonstration.entonnoir_enregistre import enregistrer
from usages.enums import Anonymat, Consentement, FormeDeTemps, RoleEtude, ThemeEffet, VoixDite
from usages.models import (
    Codage,
    Commentaire,
    Constat,
    DocumentConsulte,
    Equipier,
    Etude,
    FaitMonographie,
    Monographie,
    Rencontre,
    SectionMonographie,
    Sigle,
    TempsDeVisite,
    Trame,
    Verbatim,
    Visite,
)
from usages.services.etudes.etapes import figer_etape
from usages.services.etudes.sources import Filtres, prendre_la_base
from usages.services.monographies.commencer import commencer

MAISON_DES_ENFANTS, DITEP = "010784262", "010780591"
"""L'ESMS de la directrice qu'on voudrait visiter ; un autre des siens, dont elle relit la monographie."""
PUBLIEE = "Les effets du DUI dans cinq ESMS"
TITRE = "Ce que nos premiers ESMS ont appris"
TRAMES = (
    (ThemeEffet.ORGANISATION, FormeDeTemps.COLLECTIF,
     "Comment se passait la relève avant ? Et ce matin ?\nQui lit vos transmissions ? Qui ne les lit pas ?\n"
     "Qu'est-ce que vous ne faites plus ? Que faites-vous en plus ?"),
    (ThemeEffet.ORGANISATION, FormeDeTemps.OBSERVATION,
     "Où sont les écrans, et qui attend ?\nQu'écrit-on sur papier, et pourquoi ?"),
    (ThemeEffet.AUTODETERMINATION, FormeDeTemps.COLLECTIF,
     "Savez-vous ce qui est écrit sur vous, et où ?\nQu'aimeriez-vous y lire, ou y écrire ?"),
    (ThemeEffet.PILOTAGE, FormeDeTemps.INDIVIDUEL,
     "Quel chiffre regardez-vous chaque mois ?\nLequel corrigez-vous à la main ?"),
)  # fmt: skip


def raconter(comptes: Mapping[str, Utilisateur]) -> None:
    """Les deux études."""
    rejouer_le_cas_publie(comptes)
    etudier_la_grappe(comptes)


def _etude(comptes: Mapping[str, Utilisateur], titre: str, question: str, le: date) -> Etude:
    etude = Etude.objects.create(
        titre=titre,
        question=question,
        methode=(
            "Deux jours sur place, des entretiens et des observations, des constats codés par deux personnes qui ne se "
            "lisent pas. L'établissement relit avant toute publication."
        ),
        creee_par=comptes["cheffe"],
        creee_le=le,
    )
    for nom, role in (("cheffe", RoleEtude.PILOTE), ("appui", RoleEtude.AUTEUR), ("grades", RoleEtude.LECTEUR)):
        Equipier.objects.create(etude=etude, compte=comptes[nom], role=role)
    for theme, forme, questions in TRAMES:
        Trame.objects.create(etude=etude, theme=theme, forme=forme, questions=questions)
    return etude


def _lancer(etude: Etude, par: Utilisateur, le: date) -> None:
    """La lance ; sa base était prise de la veille."""
    etude.refresh_from_db()
    etude.base_le = le - timedelta(days=1)
    etude.save()
    franchir(etude, "lancer", par=par, le=le)


# --- le cas publié -------------------------------------------------------------------------------------------------


def rejouer_le_cas_publie(comptes: Mapping[str, Utilisateur]) -> None:
    """L'entonnoir de la CNSA, rejoué sur des unités fictives, et la monographie de l'IME."""
    cheffe, direction = comptes["cheffe"], comptes["direction-ime"]
    etude = _etude(
        comptes, PUBLIEE, "Qu'est-ce que les usages du DUI changent pour les équipes et les personnes ?",
        date(2024, 12, 2),
    )  # fmt: skip
    for etape in enregistrer(etude, par=cheffe):
        figer_etape(etape=etape, par=cheffe)
    _lancer(etude, cheffe, date(2024, 12, 16))
    parcours = Parcours.objects.get(esms__finess=fondation.IME)
    visite = Visite.objects.create(
        etude=etude,
        parcours=parcours,
        objet="Comprendre ce que le DUI a changé, deux ans et demi après son ouverture.",
        proposee_par=cheffe,
        proposee_le=ime_publie.ANNONCEE,
    )
    franchir(visite, "accepter", par=direction, le=ime_publie.ACCEPTEE)
    for jour, debut, fin, forme, theme, avec, lieu in ime_publie.TEMPS:
        TempsDeVisite.objects.create(
            visite=visite, jour=ime_publie.JOURS[jour], debut=debut, fin=fin, forme=forme, theme=theme, avec=avec,
            lieu=lieu,
        )  # fmt: skip
    for rang, (qui, nombre) in enumerate(ime_publie.RENCONTRES):
        Rencontre.objects.create(visite=visite, qui=qui, nombre=nombre, rang=rang)
    franchir(visite, "dire_faite", par=cheffe, le=ime_publie.JOURS[-1])
    cles = _recueillir(visite, cheffe)
    _constater(visite, comptes, cles)
    monographie = commencer(visite=visite, par=cheffe, titre=ime_publie.TITRE, sous_titre=ime_publie.SOUS_TITRE)
    for code, texte in ime_publie.prose({nom: verbatim.pk for nom, verbatim in cles.items()}).items():
        _ecrire(monographie, code, texte, cheffe)
    for fait, valeur in ime_publie.FAITS.items():
        FaitMonographie.objects.create(monographie=monographie, code=fait, valeur=valeur, source=ime_publie.SOURCE)
    DocumentConsulte.objects.bulk_create(
        DocumentConsulte(monographie=monographie, titre=titre) for titre in ime_publie.DOCUMENTS
    )
    Sigle.objects.bulk_create(
        Sigle(monographie=monographie, sigle=s, sens=sens) for s, sens in ime_publie.SIGLES.items()
    )
    for transition, par, le in (
        ("envoyer_en_relecture", cheffe, ime_publie.RELUE),
        ("valider", direction, ime_publie.VALIDEE),
        ("publier", cheffe, ime_publie.PUBLIEE),
    ):
        franchir(monographie, transition, par=par, le=le)


def _recueillir(visite: Visite, par: Utilisateur) -> dict[str, Verbatim]:
    """Les propos accordés, et un dont l'accord a été retiré."""
    rendu = {}
    jour = ime_publie.JOURS[-1]
    for propos in (*ime_publie.PROPOS, ime_publie.TU):
        rendu[propos.code] = Verbatim.objects.create(
            visite=visite,
            parcours=visite.parcours,
            texte=propos.texte,
            qui=propos.qui,
            voix=propos.voix,
            situation=propos.situation,
            theme=propos.theme,
            anonymat=Anonymat.FAIT,
            consentement=Consentement.RETIRE if propos is ime_publie.TU else Consentement.DONNE,
            consentement_le=jour,
            accord_representant=Consentement.DONNE if propos.protege else Consentement.A_DEMANDER,
            accord_representant_le=jour if propos.protege else None,
            recueilli_par=par,
            recueilli_le=jour,
        )
    return rendu


def _constater(visite: Visite, comptes: Mapping[str, Utilisateur], cles: Mapping[str, Verbatim]) -> None:
    for constate in ime_publie.CONSTATS:
        constat = Constat.objects.create(
            visite=visite,
            nature=constate.nature,
            libelle=constate.libelle,
            theme_propose=constate.theme,
            recurrence=constate.recurrence,
            verbatim=cles.get(constate.propos),
            ecrit_par=comptes["cheffe"],
        )
        for rang, nom in enumerate(ime_publie.CODEURS):
            sens, force, preuve = constate.codes[min(rang, len(constate.codes) - 1)]
            Codage.objects.create(
                constat=constat, codeur=comptes[nom], theme=constate.theme, sens=sens, force=force, preuve=preuve
            )


def _ecrire(monographie: Monographie, code: str, texte: str, par: Utilisateur) -> SectionMonographie:
    section = monographie.sections.get(code=code)
    section.texte = texte
    signer(section, par)
    section.save()
    return section


# --- l'étude de la grappe ------------------------------------------------------------------------------------------


def etudier_la_grappe(comptes: Mapping[str, Utilisateur]) -> None:
    """Une visite que la directrice n'a pas encore acceptée ; une monographie qu'elle relit."""
    cheffe, directrice = comptes["cheffe"], comptes["directrice"]
    etude = _etude(comptes, TITRE, "Que diraient nos premiers ESMS à ceux qui vont ouvrir ?", _il_y_a(120))
    prendre_la_base(etude=etude, filtres=Filtres(), par=cheffe)
    _lancer(etude, cheffe, _il_y_a(112))
    Visite.objects.create(
        etude=etude,
        parcours=Parcours.objects.get(esms__finess=MAISON_DES_ENFANTS),
        objet="Suivre une relève, entendre l'équipe de nuit, et ce que les jeunes en disent.",
        proposee_par=cheffe,
        proposee_le=_il_y_a(6),
    )
    visite = Visite.objects.create(
        etude=etude,
        parcours=Parcours.objects.get(esms__finess=DITEP),
        objet="Voir les projets personnalisés s'écrire, de l'atelier au bilan.",
        proposee_par=cheffe,
        proposee_le=_il_y_a(80),
    )
    franchir(visite, "accepter", par=directrice, le=_il_y_a(74))
    for rang, jour in enumerate((_il_y_a(52), _il_y_a(51))):
        TempsDeVisite.objects.create(
            visite=visite, jour=jour, debut=time(9), fin=time(10, 30), forme=FormeDeTemps.COLLECTIF,
            theme=(ThemeEffet.ORGANISATION, ThemeEffet.QVCT)[rang],
            avec=("Quatre éducateurs", "Deux psychologues")[rang],
        )  # fmt: skip
    for rang, (qui, nombre) in enumerate((("Cheffe de service", 1), ("Éducateurs", 4), ("Psychologues", 2))):
        Rencontre.objects.create(visite=visite, qui=qui, nombre=nombre, rang=rang)
    franchir(visite, "dire_faite", par=cheffe, le=_il_y_a(50))
    propos = Verbatim.objects.create(
        visite=visite,
        parcours=visite.parcours,
        texte="Le projet s'écrivait en juin. Il s'écrit maintenant toute l'année, par petits bouts.",
        qui="une psychologue",
        voix=VoixDite.PROFESSIONNEL,
        theme=ThemeEffet.ORGANISATION,
        anonymat=Anonymat.FAIT,
        consentement=Consentement.DONNE,
        consentement_le=_il_y_a(50),
        recueilli_par=cheffe,
        recueilli_le=_il_y_a(51),
    )
    monographie = commencer(
        visite=visite, par=cheffe, titre="Écrire le projet au fil de l'eau", sous_titre=str(visite.parcours.esms)
    )
    _ecrire(
        monographie, "motivations",
        "Les projets étaient tenus dans un traitement de texte, un fichier par jeune. Personne ne savait lequel était "
        "à jour.\n\nL'équipe voulait deux choses : retrouver la dernière version, et savoir qui l'avait relue.", cheffe,
    )  # fmt: skip
    section = _ecrire(
        monographie, "organisation",
        "## Un projet qui avance par morceaux\n\nChaque atelier écrit ce qu'il a vu ; la synthèse part de là."
        f"\n\n@verbatim {propos.pk}\n\nLes bilans de juin ont disparu : il n'y a plus rien à rattraper.", cheffe,
    )  # fmt: skip
    _ecrire(monographie, "perspectives", "- Ouvrir la messagerie sécurisée.\n- Former les veilleurs de nuit.", cheffe)
    franchir(monographie, "envoyer_en_relecture", par=cheffe, le=_il_y_a(4))
    Commentaire.objects.create(
        section=section,
        bloc=3,
        extrait="Les bilans de juin ont disparu",
        apres=" : il n'y a plus rien à rattraper.",
        texte="Pas tout à fait : deux unités en tiennent encore un. Écrire « presque disparu » ?",
        ecrit_par=directrice,
    )


def _il_y_a(jours: int) -> date:
    return jour_ouvre(timezone.localdate() - timedelta(days=jours))
