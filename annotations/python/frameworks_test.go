package python_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/annotations/django"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/annotations/sqlalchemy"
)

// TestFrameworks: models of both frameworks in one reading are told apart, and each mark reaches its table once.
func TestFrameworks(t *testing.T) {
	files := []python.File{
		{Path: "shop/__init__.py"},
		{Path: "shop/models.py", Source: []byte(`
from django.db import models

class Good(models.Model):
    __confidential__ = {'name': 'text'}
    name = models.TextField()
`)},
		{Path: "stock/models.py", Source: []byte(`
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()

class Shelf(Base):
    __tablename__ = 'shelves'
    __confidential__ = {'owner': 'name'}
    id = sa.Column(sa.Integer, primary_key=True)
    owner = sa.Column(sa.Text)
`)},
	}
	m, err := python.ReadFiles(t.Context(), files, sqlalchemy.New(), django.New())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, table := range m.Tables {
		got = append(got, fmt.Sprintf("%s %s %d", table.Name, table.Class, len(table.Columns)))
	}
	for _, mark := range m.Marks {
		got = append(got, mark.Table+"."+mark.Column)
	}
	for _, p := range m.Problems {
		got = append(got, p.Error())
	}
	if want := "shelves Shelf 2; shop_good Good 2; shelves.owner; shop_good.name"; strings.Join(got, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "; "), want)
	}
}
