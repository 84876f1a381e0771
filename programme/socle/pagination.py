"""Pagination de l'API : `{count, next, previous, results}`, `?page=` et `?taille=`."""

from rest_framework.pagination import PageNumberPagination


class PaginationApi(PageNumberPagination):
    """Cinquante lignes par page, deux cents au plus."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "taille"
    page_size_query_description = "Nombre de lignes par page (50 par défaut, 200 au plus)."
    page_query_description = "Numéro de page, à partir de 1."
    invalid_page_message = "Cette page n'existe pas."
