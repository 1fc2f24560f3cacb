// Package strictyaml reads settings files and reports every mistake in them at
// once, each with its line.
//
// A settings file is YAML; JSON is YAML, so both are read. A reader walks the
// document by the keys it knows:
//
//	doc, err := strictyaml.Parse("config.yaml", data)   // not YAML at all: err
//	doc.Root().Fields(strictyaml.Fields{
//	    "store":  func(n strictyaml.Node) { cfg.Store = n.Text() },
//	    "limits": func(n strictyaml.Node) { n.Each(func(key string, n strictyaml.Node) { … }) },
//	})
//	return cfg, doc.Err()                                // nil, or Mistakes
//
// Reading never stops at a mistake: a value of the wrong sort is noted and read
// as zero. An unknown key is a mistake, which names the nearest known key. Keys
// that start with an underscore are notes to people and are passed over, as the
// classic settings files did.
//
// What it is not: a general YAML decoder. Merge keys (<<) and several documents
// in one file are not read; anchors and aliases are.
package strictyaml
