// Package sqlalchemy reads the markup beside SQLAlchemy models.
package sqlalchemy
