"""Vérifie la chaîne du journal, et que chaque objet est bien dans l'état de son dernier passage."""

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from programme.socle import declencheurs
from programme.socle.machine import ModeleAEtats, champ_de
from programme.socle.models import Passage


class Command(BaseCommand):
    """Commande `verifier_journal` : code de sortie 1 et une ligne par faute."""

    help = "Vérifie l'empreinte, l'ordre et la continuité du journal des passages."

    def handle(self, *args: Any, **options: Any) -> None:
        """Parcourt tout le journal, puis tous les objets à états."""
        fautes = list(self._declencheurs()) + list(self._chaines()) + list(self._etats())
        for faute in fautes:
            self.stderr.write(faute)
        if fautes:
            sys.exit(1)
        self.stdout.write(f"Journal intact : {Passage.objects.count()} passages vérifiés.")

    def _declencheurs(self) -> Iterator[str]:
        from django.db import connection

        for nom in sorted(declencheurs.NOMS[connection.vendor] - declencheurs.presents()):
            yield f"Protection absente : {nom}. Lancez migrate pour la reposer."

    def _chaines(self) -> Iterator[str]:
        lignes = Passage.objects.select_related("objet_type").order_by("objet_type", "objet_id", "rang", "pk")
        for (_, objet_id), passages in groupby(lignes.iterator(2000), lambda p: (p.objet_type_id, p.objet_id)):
            precedent: Passage | None = None
            for p in passages:
                ou = f"{p.objet_type.model} {objet_id}, rang {p.rang}"
                if p.empreinte != p.calculer_empreinte():
                    yield f"{ou} : l'empreinte ne correspond pas au contenu."
                elif p.rang != (precedent.rang + 1 if precedent else 1):
                    yield f"{ou} : un passage manque avant celui-ci."
                elif p.precedente != (precedent.empreinte if precedent else ""):
                    yield f"{ou} : la chaîne est rompue."
                elif precedent and p.de != precedent.vers:
                    yield f"{ou} : part de « {p.de} » alors que le précédent mène à « {precedent.vers} »."
                precedent = p

    def _etats(self) -> Iterator[str]:
        from django.contrib.contenttypes.models import ContentType

        for modele in apps.get_models():
            if not issubclass(modele, ModeleAEtats):
                continue
            type_objet = ContentType.objects.get_for_model(modele)
            derniers = {
                objet: (vers, rang)
                for objet, vers, rang in Passage.objects.filter(objet_type=type_objet)
                .order_by("rang")
                .values_list("objet_id", "vers", "rang")
            }
            depart = (champ_de(modele).default, 0)
            tous: Any = modele._default_manager
            for pk, etat, version in tous.values_list("pk", "etat", "version").iterator(2000):
                vers, rang = derniers.get(pk, depart)
                if etat != vers:
                    yield f"{modele._meta.model_name} {pk} : état « {etat} », le journal dit « {vers} »."
                elif version != rang:
                    yield f"{modele._meta.model_name} {pk} : {version} passages faits, {rang} au journal."
