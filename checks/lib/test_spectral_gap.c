#include <time.h>
#include "spectral_gap/spectral_gap.h"
#include "targets.h"
START_TEST(probe_all){
 const char *names[]={"N(0,1/4)","U","half","trunc","two","three","unit2","laplace","narrow"};
 for(int i=0;i<9;i++){
  fc_target *t= i==0? isotropic(1,NULL,"2","1/2"): i==1? pieces("1 - - 0 1"): i==2? pieces("1 0 1 0 -"): i==3? pieces("1 1/2 1 -3 3"): i==4? isotropic(1,NULL,"-3/2 3/2","1/2 1/2"): i==5? isotropic(1,"1/2 3/10 1/5","-2 1/2 3/2","2/5 2/5 2/5"): i==6? isotropic(1,NULL,"-2 2","1 1"): i==7? tilted_by("-abs(x)") : isotropic(1,NULL,"-6 6","3/100 3/100");
  for(int k=0;k<4;k++){
   double a=k==0?0:k==1?.0625:k==2?.5:.9375;
   fc_line_law *law; fc_error e; fc_line_constants c;
   clock_t s=clock();
   if(fc_line_law_new(&law,t,a,1-a,&e)){printf("%s %s\n",names[i],e.message);continue;}
   fc_panels p[1];
   size_t n=0; if(!fc_panels_init(p,law,&e)){n=p->count; fc_panels_clear(p);}
   if(fc_line_constants_of(&c,law,&e)) printf("%s a=%g: %s\n",names[i],a,e.message);
   else printf("%s a=%g: n=%zu CP [%.13g, %.13g] rel %.1e var %.13g CLS>=%.10g slope^2=%.10g +-%.1e  (%.1f ms)\n",names[i],a,n,c.poincare_lower,c.poincare_upper,c.poincare_upper/c.poincare_lower-1,c.variance,c.sobolev_lower,c.slope*c.slope,c.slope_error,1e3*(clock()-s)/CLOCKS_PER_SEC);
   fc_line_law_free(law);
  }
  fc_target_free(t);
 }
}
END_TEST
int main(void){ Suite *s=suite_create("s"); TCase*c=tcase_create("c"); tcase_set_timeout(c,100); tcase_add_test(c,probe_all); suite_add_tcase(s,c); return run_suite(s);}
