// Package annotations turns markup from all sources into a policy.
package annotations
