// Package command holds what the two programs' command lines share: exit statuses, errors that carry one and a hint
// for the next step, and arguments in any order.
//
// It knows urfave/cli and nothing of databases; only packages under cmd import it.
package command
