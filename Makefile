# 常用命令；在新机器上只需要 Python 3.11+、git 和 make。
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# The lock files name every package, so pip has nothing to resolve: a newer release elsewhere changes nothing.
LOCKED := install --require-hashes --no-deps

.PHONY: help site serve check test test-more bench bench-fleet lock schema clean
.DEFAULT_GOAL := help

help:  ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更新的版本；用 make PYTHON=python3.11 指明"; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/site: .venv/python requirements/build.txt requirements/site.txt pyproject.toml
	$(PIP) $(LOCKED) -r requirements/build.txt
	$(PIP) $(LOCKED) --no-build-isolation -r requirements/site.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(PIP) check
	@touch $@

.venv/test: .venv/site requirements/test.txt
	$(PIP) $(LOCKED) -r requirements/test.txt
	$(PIP) check
	@touch $@

# pledge[dask]: the sites of many companies on many machines.
.venv/dask: .venv/test requirements/dask.txt
	$(PIP) $(LOCKED) -r requirements/dask.txt
	$(PIP) check
	@touch $@

# Zensical is the way out when Material ends; where it cannot be installed its one test is skipped.
.venv/zensical/done: requirements/zensical.txt
	@rm -rf .venv/zensical && $(PYTHON) -m venv .venv/zensical \
	  && .venv/zensical/bin/pip --disable-pip-version-check --quiet $(LOCKED) -r requirements/zensical.txt \
	  && touch $@ || { rm -rf .venv/zensical; echo "这里装不上 Zensical，对应的一个测试将跳过"; }

site: .venv/site  ## 生成默认公司的网站到 site/（COMPANY=名称 可换）
	$(BIN)/pledge build -o site

serve: .venv/site  ## 预览，改动后自动刷新
	$(BIN)/mkdocs serve

check: .venv/test  ## 检查变量、页面、目录，以及代码的写法和类型
	$(BIN)/pledge check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

TESTS := $(BIN)/pytest -n 2 --dist worksteal
test: check browser axe .venv/zensical/done  ## 运行全部测试
	$(TESTS)

# Measuring what is covered makes Python three times slower, so it is done here.
test-more: check browser axe .venv/zensical/done tests/npm/node_modules/.more .venv/dask  ## 量覆盖率，另加更重的测试
	$(TESTS) --cov --cov-report=term-missing:skip-covered
	$(BIN)/pytest -m more

.PHONY: browser
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "没有 chromium，浏览器测试将跳过；安装：apt-get install chromium"

# What measures the site comes from npm: axe-core for `make test`, Lighthouse and the validator for `make test-more`.
NPM := cd tests/npm && npm ci --silent
.PHONY: axe
axe: tests/npm/node_modules/.axe

tests/npm/node_modules/.axe: tests/npm/package-lock.json
	@$(NPM) --omit=dev && touch node_modules/.axe \
	  || echo "这里装不上 axe-core，无障碍测试将跳过；需要 npm：apt-get install npm"

tests/npm/node_modules/.more: tests/npm/package-lock.json
	@$(NPM) && touch node_modules/.axe node_modules/.more \
	  || echo "这里装不上 Lighthouse 和 vnu-jar，对应的测试将跳过；需要 npm：apt-get install npm"

bench: .venv/test  ## 量速度，只打印，不判定
	$(BIN)/python bench/bench.py

bench-fleet: .venv/test  ## 量多家公司的速度，写进 bench/RESULTS.md
	$(BIN)/python bench/fleet.py

schema: .venv/site  ## 重新生成 catalogue/company.schema.json
	$(BIN)/pledge schema

lock: .venv/python  ## 按 requirements/*.in 重新锁定依赖
	$(PIP) install uv
	cd requirements && for name in build site test dask zensical; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $$name.in -o $$name.txt; done

clean:  ## 删去生成的网站和缓存
	rm -rf site sites .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
