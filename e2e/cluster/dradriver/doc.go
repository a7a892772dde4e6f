// Package dradriver pins the example driver of dynamic resource allocation, and by checksum all that it is built from.
package dradriver
