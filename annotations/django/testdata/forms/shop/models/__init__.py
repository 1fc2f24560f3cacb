from .base import *
from .goods import *
