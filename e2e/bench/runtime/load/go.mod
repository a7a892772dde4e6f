module modelweir.dev/e2e/bench/load

go 1.26
