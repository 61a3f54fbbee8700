// Package populationfaults plants faults on the wire between a directory and the service that it reads, while a review
// reads who is in a group: pages that are lost, repeated or cut, people who come and go meanwhile, counts of something
// else, answers of somebody else. Whatever goes wrong, a review must either not start, or ask about exactly those who
// are in the group. The faults were written down from what services say and do, by somebody who hadn't seen by what
// they are found. It holds nothing but tests.
package populationfaults
