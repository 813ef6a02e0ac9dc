def project(project): return [*project.catalogue.problems, *(p for page in [*project.pages.values(), *project.site_pages] for p in page.problems)]
def company(project, company, today): return company.problems
