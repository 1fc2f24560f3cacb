// Package classiclog writes what programs print into logs of the classic worker's
// form, in UTC, since the clocks of local time are put back:
//
//	2014-01-16 06:57:33,961 [running nova-manage db sync]
//	2014-01-16 06:57:34,120 [output] 73 -> 74...
//	2014-01-16 06:58:04,310 [heartbeat]
//	2014-01-16 06:58:35,002 [script exit code = 0]
//
// [Lines] cuts into lines what a program writes as it comes, [Secrets] are taken out
// of them, a [Log] has them, and a [Tail] keeps the last for reports.
package classiclog
