// Package delegation lets people have somebody else decide for them while they are away. It
// sets, begins and ends that, tells both, and has it written down. Who may decide because of it
// is found where everybody is found who may (people).
package delegation
