// Package anonymize turns rows into safe rows.
package anonymize
