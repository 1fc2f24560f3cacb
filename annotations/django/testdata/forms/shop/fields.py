"""Fields of the project's own."""
from django.db import models


class UpperField(models.CharField):
    def to_python(self, value):
        return value.upper()


class PackedField(models.Field):
    def get_internal_type(self):
        return 'TextField'


class OwnerKey(models.ForeignKey):
    pass


def money(**kwargs):
    return models.DecimalField(max_digits=10, decimal_places=2, **kwargs)
